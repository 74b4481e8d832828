"""What is installed: exact versions, all Tryton packages of one series."""

SERIES = "8.2"

REQUIREMENTS = """
trytond==8.2.1
proteus==8.2.0
trytond_account==8.2.1
trytond_account_invoice==8.2.0
trytond_account_invoice_stock==8.2.0
trytond_account_product==8.2.0
trytond_company==8.2.0
trytond_country==8.2.0
trytond_currency==8.2.0
trytond_party==8.2.0
trytond_product==8.2.0
trytond_purchase==8.2.0
trytond_purchase_product_quantity==8.2.0
trytond_purchase_request==8.2.0
trytond_purchase_requisition==8.2.0
trytond_sale==8.2.0
trytond_sale_supply==8.2.0
trytond_stock==8.2.1
trytond_stock_forecast==8.2.0
trytond_stock_location_sequence==8.2.0
trytond_stock_lot==8.2.0
trytond_stock_supply==8.2.0
Genshi==0.7.12
Werkzeug==3.1.9
argon2-cffi==25.1.0
defusedxml==0.7.1
lxml==6.1.3
polib==1.2.0
puremagic==1.30
pwdlib==0.3.1
python-dateutil==4.0.0
python-sql==1.8.1
relatorio==1.0.0
simpleeval==1.0.8
""".split()

REQUIREMENTS_ON_POSTGRESQL = ["psycopg[binary,pool]>=3.2,<4"]

MODULES = """
company party product stock stock_supply stock_forecast stock_lot
stock_location_sequence purchase purchase_request purchase_requisition
purchase_product_quantity sale sale_supply
""".split()
